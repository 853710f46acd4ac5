import { loadProduct } from '../../src/specifications/load.ts';
import type { Operation, ProductId } from '../../src/specifications/model.ts';
import { answering, bringsKey, contentType, follows, hosts } from '../hosts.ts';

const everyProduct = (url: string): Readonly<Record<string, string>> => ({
  TRUSTEDFORM_URL: `${url}/trustedform`,
  SUPPRESSIONLIST_URL: `${url}/suppressionlist`,
  TRUSTEDFORM_CERTIFICATE_ID: '0123456789abcdef0123456789abcdef01234567',
});

/** The documented operation for a request; a literal path comes before one with a parameter. */
function find(method: string, url: string): Operation | undefined {
  const [, prefix = '', rest = ''] = /^\/(trustedform|suppressionlist)(\/.*)$/.exec(url) ?? [];
  const product: ProductId = prefix === 'trustedform' || prefix === 'suppressionlist' ? prefix : 'leadconduit';
  const [path = ''] = (rest === '' ? url : rest).split('?');
  const known = loadProduct(product).operations.filter((each) => each.method === (method === 'HEAD' ? 'GET' : method));
  const fits = (each: Operation): boolean =>
    new RegExp(`^${each.path.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&').replaceAll(/\{[^}]*\}/g, '[^/]+')}$`).test(path);
  return known.find((each) => each.path === path) ?? known.find(fits);
}

/** Follows the documentation for each resource: public ones need no key, and undocumented ones do not exist. */
const documented = (success: (operation: Operation) => number) =>
  answering((request, response, key) => {
    const operation = find(request.method ?? '', request.url ?? '');
    if (operation?.protected !== false && !bringsKey(request, key)) return follows(request, response, key);
    if (operation === undefined)
      return void response.writeHead(404, { 'Content-Type': contentType }).end('{"error":"not found","code":404}');
    const status = success(operation);
    if (status === 204) response.writeHead(204).end();
    else response.writeHead(status, { 'Content-Type': contentType }).end(JSON.stringify(operation.success.example ?? null));
  });

/** Hosts that serve all products at one address, each under its own path. */
export default hosts({
  'every-product': {
    why: 'a staging system',
    settings: everyProduct,
    judged: ['key-for-all-products'],
    start: documented(({ success }) => success.status),
  },
  'made-up-certificate': {
    why: 'a staging system that answers 200 for a certificate that does not exist',
    settings: (url) => {
      const { TRUSTEDFORM_CERTIFICATE_ID: _, ...others } = everyProduct(url);
      return others;
    },
    judged: ['key-for-all-products'],
    start: documented(({ success }) => success.status),
  },
  'every-product-203': {
    why: 'a transforming proxy in between, which identifies itself by the status',
    settings: everyProduct,
    start: documented(() => 203),
  },
  'methods-that-change-something': {
    why: 'a staging system whose owner allows all methods',
    settings: (url) => ({ ...everyProduct(url), UNSAFE_METHODS: '1' }),
    judged: ['key-for-all-products', 'public-call'],
    start: documented(({ success }) => success.status),
  },
});
