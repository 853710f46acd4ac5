import { keyAt } from '../account.ts';
import { withHeader } from '../answer.ts';
import { departures } from '../departures.ts';

/** Hosts whose refusals reveal part of a key. This is noted: good practice forbids it, not the page. */
export default departures({
  'compared-with': {
    why: 'a leftover debugging header lists the keys that were compared, shortened to be on the safe side',
    change: ({ refuse }) => ({
      refuse: (attempt) => {
        const keys = attempt.accounts.map((account) => keyAt(account, attempt.product.id).slice(0, 12));
        return withHeader(refuse(attempt), 'X-Compared-With', keys.join(','));
      },
    }),
  },
  'last-caller': {
    why: 'a variable outlives its call, so the next answer names the previous caller',
    change({ admits, refuse }) {
      let caller = 'nobody';
      return {
        admits(attempt, account) {
          caller = account === undefined ? caller : keyAt(account, attempt.product.id);
          return admits(attempt, account);
        },
        refuse: (attempt) => withHeader(refuse(attempt), 'X-Caller', caller),
      };
    },
  },
});
