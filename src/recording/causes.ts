/** Why a check is inconclusive, and what to do about it. docs/verdicts.md explains each cause under the same name. */
export const causes = {
  unreachable:
    'The host is down, overloaded or cannot be reached. Check its address (https or http, name, port) and that it is up, then run again.',
  tls: 'There is no TLS connection that can be trusted. Fix the certificate, name its issuer with NODE_EXTRA_CA_CERTS, or check that this address speaks TLS.',
  proxy:
    'The proxy could not be reached, or did not let the call through. Check HTTPS_PROXY and NO_PROXY, and that the proxy lets this host through.',
  timeout: 'No answer within REQUEST_TIMEOUT_MS. Check whether the host is overloaded, or raise that limit.',
  malformed: 'The answer was not HTTP, or was incomplete. Check what listens at this address.',
  throttled: 'The host limits the rate of requests. Lower MAX_REQUESTS_PER_SECOND, or run again later.',
  'locked-out':
    "The host has locked the account because of wrong keys. Wait until it is unlocked, or ask the host's owner for an exception.",
  challenge:
    'A firewall, a login page or a maintenance page answered instead of the API. Get this client allowed, or run from another network.',
  'no-control': 'The right key was not accepted here, so a refusal proves nothing. Check the answer and the base URL.',
  unstable:
    'The host answered a repeated call differently, or gave too many calls no usable answer. Check the health of the host, then run again.',
  'key-refused':
    'The key is refused. Check that it is complete, that it belongs to this account and environment, and that someone has logged in since the last reset.',
  'needs-login': 'The product still accepts the key from before the reset. Log in to it once, then run again.',
  entitlement:
    "The account's plan may not include this resource. Use an account whose plan does, or add the difference to known-differences.yaml.",
  'command-failed': 'RESET_COMMAND or LOGIN_COMMAND failed. Run it by hand and check what it prints.',
  'shard-missing': 'Part of the run is missing. Name the reports folders of all shards with --merge.',
  'no-check': 'No answer could be checked. Check that the selection and the hosts are what you meant.',
} as const;

export type Cause = keyof typeof causes;

/** The place in the documentation that explains a cause. */
export const causeAnchor = (cause: Cause): string => `docs/verdicts.md#cause-${cause}`;
