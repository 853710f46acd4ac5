/** Exit codes of `conformance` and `verify-reset`. */
export const exitCodes = { conforms: 0, violates: 1, usage: 2, inconclusive: 3, failed: 4, secret: 5, interrupted: 130 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Where several hold, the first of these counts. */
const order: readonly ExitCode[] = [5, 4, 130, 2, 1, 3, 0];

export const gravest = (codes: readonly ExitCode[]): ExitCode => order.find((code) => codes.includes(code)) ?? 0;
