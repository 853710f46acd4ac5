/** The same question (is a wrong key refused by the documented status, type and body?), asked so many times by others. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A collection of Postman's, one request with three assertions for each check. */
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
