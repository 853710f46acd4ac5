/** A recording cannot be read or joined. Its message is one sentence that names the file or the folder and what is wrong. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
}
