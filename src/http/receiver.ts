/** Collects an answer from undici's callbacks, and finds out on which socket the request was sent. */
import diagnostics from 'node:diagnostics_channel';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import { bodyLimit, type Received, readLimit } from './body.ts';

/** The reason for closing a connection in the middle of a body. A single object, as in connections.ts. */
const enough = new Error('enough of the body was read');

/** One answer. `onEnd` is called when it is complete or enough of it was read, `onError` when the exchange failed. */
export class Receiver implements Dispatcher.DispatchHandler {
  status = 0;
  reason = '';
  headers: [string, string][] = [];
  socket: Socket | undefined;
  /** The connection had carried a request before this one. */
  reused = false;
  /** Bytes that had been received on the connection when the request was written. */
  bytesBefore = 0;
  onEnd: () => void = () => {};
  onError: (error: unknown) => void = () => {};
  #chunks: Buffer[] = [];
  #bytes = 0;
  #cut = false;
  #controller: Dispatcher.DispatchController | undefined;
  #aborted = false;

  /** Whether part of the answer has been received. */
  hasBegun(): boolean {
    return this.status !== 0 || (this.socket?.bytesRead ?? 0) > this.bytesBefore;
  }

  /** Also works if the request has not been sent yet. */
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
    // Informational answers precede the final one (RFC 9110 section 15.2).
    if (status < 200) return;
    this.status = status;
    this.reason = wholeReason(status, reason ?? '');
    const raw = (controller.rawHeaders ?? []) as readonly (Buffer | string)[];
    for (let i = 0; i + 1 < raw.length; i += 2) this.headers.push([text(raw[i]), withoutOuterSpace(text(raw[i + 1]))]);
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
    // If the body was cut, the error is our own abort.
    if (!this.#cut) this.onError(error);
  }
}

/**
 * undici keeps only the last part of a reason phrase that arrives in several packets. What is the end of the usual phrase is taken for that
 * part, since no host shortens a phrase at its beginning.
 */
function wholeReason(status: number, reason: string): string {
  const usual = STATUS_CODES[status] ?? '';
  return reason !== '' && usual.endsWith(reason) ? usual : reason;
}

/** White space around a value is no part of it (RFC 9110 section 5.5), and the parser leaves it at the end. */
const withoutOuterSpace = (value: string): string => value.replaceAll(/^[ \t]+|[ \t]+$/g, '');

const text = (raw: Buffer | string | undefined): string => (typeof raw === 'string' ? raw : (raw?.toString('latin1') ?? ''));

// undici publishes the socket of a request only on this channel, synchronously after it has started the handler (client-h1.js, writeH1).
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
