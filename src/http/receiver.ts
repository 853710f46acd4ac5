/** Collects an answer as undici hands it out, and learns on which socket the request went. */
import diagnostics from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import { bodyLimit, type Received, readLimit } from './body.ts';

/** Why a connection ends in the middle of a body. One for all: Node.js writes the stack of whatever a socket is destroyed with. */
const enough = new Error('enough of the body was read');

export class Receiver implements Dispatcher.DispatchHandler {
  status = 0;
  reason = '';
  headers: [string, string][] = [];
  socket: Socket | undefined;
  /** The connection had carried a request before this one. */
  reused = false;
  /** What the connection had brought when the request was written, in bytes. */
  bytesBefore = 0;
  onEnd: () => void = () => {};
  onError: (error: unknown) => void = () => {};
  #chunks: Buffer[] = [];
  #bytes = 0;
  #cut = false;
  #controller: Dispatcher.DispatchController | undefined;
  #aborted = false;

  /** Something of the answer has come. */
  hasBegun(): boolean {
    return this.status !== 0 || (this.socket?.bytesRead ?? 0) > this.bytesBefore;
  }

  /** Also where its turn on a connection has not come yet: nobody waits for an answer any more. */
  abort(): void {
    this.#aborted = true;
    this.#controller?.abort(new Error('timeout'));
  }

  body(): Received {
    return { bytes: Buffer.concat(this.#chunks).subarray(0, bodyLimit), length: this.#bytes, cut: this.#cut };
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#aborted) this.abort();
    else starting = this;
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, _headers: unknown, reason?: string): void {
    // Informational answers come before the one that counts (RFC 9110 section 15.2).
    if (status < 200) return;
    this.status = status;
    this.reason = reason ?? '';
    const raw = (controller.rawHeaders ?? []) as readonly (Buffer | string)[];
    for (let i = 0; i + 1 < raw.length; i += 2) this.headers.push([text(raw[i]), text(raw[i + 1])]);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#cut) return;
    if (this.#bytes < bodyLimit) this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes <= readLimit) return;
    this.#cut = true;
    this.onEnd();
    controller.abort(enough);
  }

  onResponseEnd(): void {
    this.onEnd();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: unknown): void {
    // Of one that was cut the end is known: it is ours.
    if (!this.#cut) this.onError(error);
  }
}

const text = (raw: Buffer | string | undefined): string => (typeof raw === 'string' ? raw : (raw?.toString('latin1') ?? ''));

// undici tells the socket of a request on a channel only, in the same breath in which it starts the handler (client-h1.js, writeH1).
let starting: Receiver | undefined;
const requestsOn = new WeakMap<Socket, number>();
diagnostics.subscribe('undici:client:sendHeaders', (message) => {
  const { socket } = message as { socket: Socket };
  const before = requestsOn.get(socket) ?? 0;
  requestsOn.set(socket, before + 1);
  if (starting === undefined) return;
  starting.socket = socket;
  starting.reused = before > 0;
  starting.bytesBefore = socket.bytesRead;
  starting = undefined;
});
