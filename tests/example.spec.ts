/**
 * Example
 *
 * The page shows a call with curl, and says that a call shown without credentials needs none.
 */
import { judged, test } from './fixtures.ts';

// The call as it is shown; the key is the account's, the host the one that is tested. It is LeadConduit's.
test('documented-call', judged('documented-call'));

// What is documented without credentials, sent without any.
test('public-call', judged('public-call'));
