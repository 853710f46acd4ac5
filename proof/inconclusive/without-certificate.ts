import { answering, bringsKey, contentType, follows, hosts, namesOldKey, oldKey } from '../hosts.ts';

type Then = Parameters<typeof answering>[0];

const withTrustedForm = (url: string): Readonly<Record<string, string>> => ({ TRUSTEDFORM_URL: `${url}/trustedform` });
const withOldKeyToo = (url: string): Readonly<Record<string, string>> => ({ ...withTrustedForm(url), ...namesOldKey() });

const unknown: Then = (_request, response) =>
  void response.writeHead(404, { 'Content-Type': contentType }).end('{"outcome":"error","reason":"unknown certificate"}');
const refuses: Then = (request, response) => follows({ ...request, headers: {} } as typeof request, response, '');

/** LeadConduit keeps every promise; TrustedForm, under its own path, answers like this. */
const trustedForm = (then: Then) =>
  answering((request, response, key, before) =>
    (request.url?.startsWith('/trustedform/') ? then : follows)(request, response, key, before),
  );

/** TrustedForm is configured without a certificate of the account, so the suite can only send a made-up id. */
export default hosts({
  'unknown-certificate': {
    why: 'no certificate has that id',
    cause: 'no-check',
    names: 'TRUSTEDFORM_CERTIFICATE_ID',
    settings: withTrustedForm,
    start: trustedForm((request, response, key, before) => (bringsKey(request, key) ? unknown : refuses)(request, response, key, before)),
  },
  'unknown-to-everybody': {
    why: 'it looks up the certificate before it checks the key',
    cause: 'no-check',
    names: 'TRUSTEDFORM_URL',
    settings: withOldKeyToo,
    start: trustedForm(unknown),
  },
  'key-refused': {
    why: 'the account is not subscribed to it',
    cause: 'key-refused',
    settings: withOldKeyToo,
    start: trustedForm(refuses),
  },
  'old-key-and-unknown-certificate': {
    why: 'no one has logged in since the reset, and the old key still reaches the certificate lookup',
    cause: 'needs-login',
    settings: withOldKeyToo,
    start: trustedForm((request, response, key, before) =>
      (bringsKey(request, oldKey) ? unknown : refuses)(request, response, key, before),
    ),
  },
  'old-key': {
    why: 'no one has logged in since the reset, and an unknown certificate is a 200',
    cause: 'needs-login',
    settings: withOldKeyToo,
    start: trustedForm((request, response, _key, before) => follows(request, response, oldKey, before)),
  },
  'current-key-alone-refused': {
    why: 'the current key was blocked, and all other keys reach the certificate lookup',
    cause: 'key-refused',
    settings: withOldKeyToo,
    start: trustedForm((request, response, key, before) => (bringsKey(request, key) ? refuses : unknown)(request, response, key, before)),
  },
});
