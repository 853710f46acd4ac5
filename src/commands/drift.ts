/** `npm run drift`: has the published page changed since the requirements were written? */
import { drift } from './drift/run.ts';

drift(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
