/** The same check in other tools: is a wrong key refused with the documented status, type and body? */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A Postman collection with one request and three assertions per check. */
export function collection(folder, url, checks) {
  const exec = [
    "pm.test('status', () => pm.response.to.have.status(401));",
    "pm.test('type', () => pm.expect(pm.response.headers.get('Content-Type')).to.eql('application/json; charset=utf-8'));",
    `pm.test('body', () => pm.expect(pm.response.text()).to.eql('{"error":"authentication failed"}'));`,
  ];
  const item = Array.from({ length: checks }, (_, index) => ({
    name: `check ${index}`,
    request: {
      method: 'GET',
      url: `${url}/flows`,
      auth: {
        type: 'basic',
        basic: [
          { key: 'username', value: 'X' },
          { key: 'password', value: `wrong-${index}` },
        ],
      },
    },
    event: [{ listen: 'test', script: { type: 'text/javascript', exec } }],
  }));
  const file = join(folder, `collection-${checks}.json`);
  writeFileSync(
    file,
    JSON.stringify({ info: { name: 'checks', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' }, item }),
  );
  return file;
}
