/** Why a check cannot tell, and what to do about it. The README has a section for each, under the same name. */
export const causes = {
  unreachable: 'The host is not there, or not up to answering. See that the address is right and the host is up, then run again.',
  tls: 'No TLS connection that can be trusted. Mend the certificate, or name its issuer with NODE_EXTRA_CA_CERTS.',
  proxy: 'A proxy answered in the place of the host. See HTTPS_PROXY and NO_PROXY, and that the proxy lets this host through.',
  timeout: 'No answer within REQUEST_TIMEOUT_MS. See whether the host is overloaded, or allow it more time.',
  malformed: 'What came was no HTTP answer, or only part of one. See what listens at this address.',
  throttled: 'The host limits how often it may be asked. Lower MAX_REQUESTS_PER_SECOND, or run later.',
  'locked-out': 'The host has locked the account after wrong keys. Wait until it is open again, or ask its owner for an exception.',
  challenge: 'A firewall, a login or a maintenance page answered in the place of the API. Have this client let through, or run elsewhere.',
  'no-control': 'The right key was not accepted here, so a refusal would prove nothing. See the answer and the base URL.',
  unstable: 'The same call was answered differently from one time to the next. See the health of the host, then run again.',
  'key-refused':
    'The key is refused. See that it is whole, belongs to this account and environment, and that somebody has logged in since the last reset.',
  'needs-login': 'The product still takes the key from before the reset. Log in to it once, then run again.',
  entitlement:
    'The plan of the account may not include this resource. Use an account that is entitled to it, or name the difference as known.',
  'command-failed': 'RESET_COMMAND or LOGIN_COMMAND did not do what it is for. Run it by hand and see what it prints.',
  'shard-missing': 'A part of the run is missing. Merge the results of all shards.',
  'no-check': 'Nothing was answered that could be checked. See that the selection and the hosts are what you meant.',
} as const;

export type Cause = keyof typeof causes;

export const isCause = (word: string): word is Cause => Object.hasOwn(causes, word);

/** The place in the README that explains a cause. */
export const causeAnchor = (cause: Cause): string => `README.md#cause-${cause}`;
