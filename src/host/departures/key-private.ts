import { withHeader } from '../answer.ts';
import { departures } from '../departures.ts';

/** Hosts whose refusals give something of a key away: to be noted, for it is good practice that asks for better. */
export default departures({
  'compared-with': {
    why: 'a header from the days of debugging says which keys were compared, cut short to be on the safe side',
    change: ({ refuse }) => ({
      refuse: (attempt) => {
        const keys = attempt.accounts.map((account) => account.current[attempt.product.id].slice(0, 12));
        return withHeader(refuse(attempt), 'X-Compared-With', keys.join(','));
      },
    }),
  },
  'last-caller': {
    why: 'a variable outlives the call for which it was set, so that the next answer speaks of the caller before',
    change({ admits, refuse }) {
      let caller = 'nobody';
      return {
        admits(attempt, account) {
          caller = account?.current[attempt.product.id] ?? caller;
          return admits(attempt, account);
        },
        refuse: (attempt) => withHeader(refuse(attempt), 'X-Caller', caller),
      };
    },
  },
});
