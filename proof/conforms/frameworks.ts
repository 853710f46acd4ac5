import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createSocketServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { server as hapi } from '@hapi/hapi';
import express from 'express';
import fastify from 'fastify';
import Koa from 'koa';
import { answering, bringsKey, contentType, follows, hosts, listen, refusal, type Serving } from '../hosts.ts';

/** The same host, built with common frameworks. */
export default hosts({
  'node-http': { why: 'no framework', start: answering(follows) },
  express: {
    why: 'Express 5, with its own ETag and header order',
    start: (key) => {
      const app = express();
      app.use((request, response) => {
        if (bringsKey(request, key)) response.json([]);
        else response.status(401).json({ error: 'authentication failed' });
      });
      return listen(createServer(app));
    },
  },
  fastify: {
    why: 'Fastify 5, which rejects unknown methods by itself',
    start: async (key) => {
      const app = fastify();
      app.all('/*', async (request, reply) => (bringsKey(request, key) ? [] : reply.code(401).send({ error: 'authentication failed' })));
      const url = await app.listen({ port: 0, host: '127.0.0.1' });
      return { url, close: () => app.close() };
    },
  },
  koa: {
    why: 'Koa 3',
    start: (key) => {
      const app = new Koa();
      app.use((context) => {
        const letIn = bringsKey(context.req, key);
        context.status = letIn ? 200 : 401;
        context.body = letIn ? [] : { error: 'authentication failed' };
      });
      return listen(createServer(app.callback()));
    },
  },
  hapi: {
    why: 'hapi 21',
    start: async (key) => {
      const app = hapi({ port: 0, host: '127.0.0.1' });
      app.route({
        method: '*',
        path: '/{any*}',
        handler: ({ raw }, kit) => (bringsKey(raw.req, key) ? [] : kit.response(refusal).type(contentType).code(401)),
      });
      await app.start();
      return { url: app.info.uri, close: () => app.stop() };
    },
  },
  nginx: {
    why: 'a stock nginx in front, which limits headers and answers for a backend that closes connections',
    start: async (key): Promise<Serving | undefined> => {
      try {
        execFileSync('nginx', ['-v'], { stdio: 'ignore' });
      } catch {
        return undefined;
      }
      const behind = await answering(follows)(key);
      const folder = mkdtempSync(join(tmpdir(), 'nginx-'));
      const port = await freePort();
      writeFileSync(
        join(folder, 'nginx.conf'),
        `daemon off; pid ${folder}/pid; error_log ${folder}/error.log;
events {}
http { access_log off; client_body_temp_path ${folder}; proxy_temp_path ${folder}; fastcgi_temp_path ${folder}; uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
  server { listen 127.0.0.1:${port}; location / { proxy_pass ${behind.url}; } } }\n`,
      );
      const nginx = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
      await reachable(port);
      return {
        url: `http://127.0.0.1:${port}`,
        close: async () => {
          nginx.kill();
          await once(nginx, 'exit');
          rmSync(folder, { recursive: true, force: true });
          await behind.close();
        },
      };
    },
  },
});

async function freePort(): Promise<number> {
  const server = createSocketServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function reachable(port: number): Promise<void> {
  for (let times = 0; times < 100; times++) {
    const socket = connect(port, '127.0.0.1');
    const up = await Promise.race([once(socket, 'connect').then(() => true), once(socket, 'error').then(() => false)]).catch(() => false);
    socket.destroy();
    if (up) return;
    await sleep(50);
  }
}
