// Sends one request and tells what came of it, as plain data in which no secret stands. It never rejects: silence is an answer too.
export { type Client, createClient, type Guard, type PinnedClient, type Request } from './client.ts';
export { type Connections, createConnections } from './connections.ts';
export { isLoopback } from './loopback.ts';
