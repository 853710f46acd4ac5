/** Wrong usage or configuration: exit code 2, nothing was sent. Its message is one sentence a problem, for the user. */
export class UsageError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'UsageError';
    this.problems = problems;
    // Where it is printed by others, it is still a sentence for the user.
    this.stack = this.message;
  }
}
