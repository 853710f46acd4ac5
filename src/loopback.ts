/**
 * Whether the host name of a URL is this machine: 127.0.0.0/8, ::1, `localhost`, `*.localhost` (RFC 6761 section 6.3). It is decided by name,
 * never by resolution: a name that resolves to loopback today may not do so tomorrow.
 */
export function isLoopback(hostname: string): boolean {
  const name = hostname.toLowerCase().replace(/\.$/, '');
  return name === 'localhost' || name.endsWith('.localhost') || name === '[::1]' || name === '::1' || /^127\.\d+\.\d+\.\d+$/.test(name);
}
