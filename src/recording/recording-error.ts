/** A recording cannot be read or joined. The message is one sentence that names the file or folder and says what is wrong. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
}
