/** Why a check cannot tell, and what to do about it. docs/verdicts.md has a row for each, under the same name. */
export const causes = {
  unreachable: 'The host is down or cannot be reached. Check that the address is right and the host is up, then run again.',
  tls: 'The TLS connection cannot be trusted. Fix the certificate, or name its issuer with NODE_EXTRA_CA_CERTS.',
  proxy: 'A proxy answered instead of the host. Check HTTPS_PROXY and NO_PROXY, and that the proxy lets this host through.',
  timeout: 'No answer within REQUEST_TIMEOUT_MS. Check whether the host is overloaded, or allow it more time.',
  malformed: 'The answer was not HTTP, or only part of an answer. Check what listens at this address.',
  throttled: 'The host limits how often it may be asked. Lower MAX_REQUESTS_PER_SECOND, or run later.',
  'locked-out': 'The host has locked the account after wrong keys. Wait until it is open again, or ask its owner for an exception.',
  challenge:
    'A firewall, a login page or a maintenance page answered instead of the API. Have this client allowed, or run from another network.',
  'no-control': 'The right key was not accepted here, so a refusal proves nothing. Check the answer and the base URL.',
  unstable: 'The same call was answered differently when repeated. Check the health of the host, then run again.',
  'key-refused':
    'The key is refused. Check that it is complete, that it belongs to this account and environment, and that someone has logged in since the last reset.',
  'needs-login': 'The product still accepts the key from before the reset. Log in to it once, then run again.',
  entitlement:
    'The plan of the account may not include this resource. Use an account that is entitled to it, or name the difference as known.',
  'command-failed': 'RESET_COMMAND or LOGIN_COMMAND failed. Run it by hand and see what it prints.',
  'shard-missing': 'A part of the run is missing. Merge the results of all shards.',
  'no-check': 'Nothing was answered that could be checked. Check that the selection and the hosts are what you meant.',
} as const;

export type Cause = keyof typeof causes;

/** The place in the documentation that explains a cause. */
export const causeAnchor = (cause: Cause): string => `docs/verdicts.md#cause-${cause}`;
