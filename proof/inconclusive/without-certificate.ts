import { answering, bringsKey, contentType, follows, hosts, namesOldKey, oldKey } from '../hosts.ts';

type Then = Parameters<typeof answering>[0];

const beside = (url: string): Readonly<Record<string, string>> => ({ TRUSTEDFORM_URL: `${url}/trustedform` });
const besideWithOldKey = (url: string): Readonly<Record<string, string>> => ({ ...beside(url), ...namesOldKey() });

const unknown: Then = (_request, response) =>
  void response.writeHead(404, { 'Content-Type': contentType }).end('{"outcome":"error","reason":"unknown certificate"}');
const refuses: Then = (request, response) => follows({ ...request, headers: {} } as typeof request, response, '');

/** LeadConduit keeps every promise; TrustedForm, beside it, answers so. */
const trustedForm = (then: Then) =>
  answering((request, response, key, before) =>
    (request.url?.startsWith('/trustedform/') ? then : follows)(request, response, key, before),
  );

/** TrustedForm is named and no certificate of the account is, so that a made-up id is all that it can be asked for. */
export default hosts({
  'unknown-certificate': {
    why: 'there is no certificate with that id',
    cause: 'no-check',
    names: 'TRUSTEDFORM_CERTIFICATE_ID',
    settings: beside,
    start: trustedForm((request, response, key, before) => (bringsKey(request, key) ? unknown : refuses)(request, response, key, before)),
  },
  'unknown-to-everybody': {
    why: 'it looks for the certificate before it looks at the key',
    cause: 'no-check',
    names: 'TRUSTEDFORM_URL',
    settings: besideWithOldKey,
    start: trustedForm(unknown),
  },
  'key-refused': {
    why: 'the account is not subscribed to it',
    cause: 'key-refused',
    settings: besideWithOldKey,
    start: trustedForm(refuses),
  },
  'old-key-and-unknown-certificate': {
    why: 'nobody has logged in since the reset, and the old key gets as far as the certificate',
    cause: 'needs-login',
    settings: besideWithOldKey,
    start: trustedForm((request, response, key, before) =>
      (bringsKey(request, oldKey) ? unknown : refuses)(request, response, key, before),
    ),
  },
  'old-key': {
    why: 'nobody has logged in since the reset, and what is not a certificate is told with a 200',
    cause: 'needs-login',
    settings: besideWithOldKey,
    start: trustedForm((request, response, _key, before) => follows(request, response, oldKey, before)),
  },
  'current-key-alone-refused': {
    why: 'the key was barred; whatever else is sent gets as far as the certificate',
    cause: 'key-refused',
    settings: besideWithOldKey,
    start: trustedForm((request, response, key, before) => (bringsKey(request, key) ? refuses : unknown)(request, response, key, before)),
  },
});
