/** What can be wrong with a folder that is written to, in a sentence to the user that names the folder and says what to do. */
export class StagingError extends Error {
  override readonly name = 'StagingError';
  /** `in-use`: another run writes there; `not-writable`; `not-ours`: what is to be replaced was not written by a run. */
  readonly code: 'in-use' | 'not-writable' | 'not-ours';

  constructor(code: StagingError['code'], message: string) {
    super(message);
    this.code = code;
  }
}
