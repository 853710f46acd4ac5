/** Wrong usage or configuration: exit code 2, nothing was sent. The message has one sentence per problem, for the user. */
export class UsageError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'UsageError';
    this.problems = problems;
    // If something else prints the error, the user still sees only the message.
    this.stack = this.message;
  }
}
