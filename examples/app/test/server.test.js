'use strict';

const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const http = require('node:http');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');

const { createServer, portFrom, shutDown } = require('../server.js');
const ROOT = path.join(__dirname, '..');

function run(file, environment) {
  const child = spawn(process.execPath, [path.join(ROOT, file)], { env: { ...process.env, ...environment } });
  child.output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (child.output += chunk));
  return child;
}

async function ended(child) {
  const [code] = await once(child, 'close');
  return code;
}

describe('what the server answers', () => {
  const server = createServer();
  let base;
  before(async () => {
    server.listen(0);
    await once(server, 'listening');
    base = `http://localhost:${server.address().port}`;
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });

  test('/health says ok, with a query as well', async () => {
    for (const url of ['/health', '/health?from=load-balancer']) {
      const response = await fetch(base + url);
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('content-type'), 'application/json');
      assert.deepEqual(await response.json(), { status: 'ok' });
    }
  });

  test('/ names the host and the version', async () => {
    const text = await (await fetch(base)).text();
    assert.ok(text.includes(os.hostname()));
    assert.ok(text.includes(require('../package.json').version));
  });

  test('nothing of the environment is shown', async () => {
    process.env.DATABASE_PASSWORD = 'do-not-show-me';
    for (const url of ['/', '/health', '/env']) {
      assert.ok(!(await (await fetch(base + url)).text()).includes('do-not-show-me'));
    }
  });

  test('other paths are 404, other methods 405', async () => {
    assert.equal((await fetch(`${base}/missing`)).status, 404);
    const response = await fetch(base, { method: 'POST', body: 'x' });
    assert.equal(response.status, 405);
    assert.equal(response.headers.get('allow'), 'GET, HEAD');
  });

  test('the health check passes', async () => {
    const child = run('healthcheck.js', { PORT: String(server.address().port) });
    assert.equal(await ended(child), 0, child.output);
  });
});

test('the health check fails where nobody listens', async () => {
  const free = net.createServer().listen(0);
  await once(free, 'listening');
  const { port } = free.address();
  await new Promise((resolve) => free.close(resolve));
  const child = run('healthcheck.js', { PORT: String(port) });
  assert.equal(await ended(child), 1);
  assert.match(child.output, /ECONNREFUSED/);
});

test('the health check fails where /health is not 200', async () => {
  const ill = http.createServer((request, response) => response.writeHead(503).end()).listen(0);
  await once(ill, 'listening');
  const child = run('healthcheck.js', { PORT: String(ill.address().port) });
  assert.equal(await ended(child), 1);
  assert.match(child.output, /503/);
  ill.close();
});

test('PORT is 8080 unless it says otherwise, and must be a port', () => {
  assert.equal(portFrom({}), 8080);
  assert.equal(portFrom({ PORT: '80' }), 80);
  for (const wrong of ['', 'http', '-1', '65536', '80.5']) assert.throws(() => portFrom({ PORT: wrong }), /PORT must be/);
});

test('a wrong PORT ends the program with one sentence', async () => {
  const child = run('server.js', { PORT: 'http' });
  assert.equal(await ended(child), 1);
  assert.equal(child.output, 'PORT must be a number from 0 to 65535, not "http".\n');
});

test('SIGTERM ends the program, although a client keeps its connection open', { skip: process.platform === 'win32' }, async () => {
  const child = run('server.js', { PORT: '0' });
  while (!child.output.includes('Listening')) await once(child.stdout, 'data');
  const port = Number(/port (\d+)/.exec(child.output)[1]);
  const agent = new http.Agent({ keepAlive: true });
  const [response] = await once(http.get({ port, path: '/health', agent }), 'response');
  response.resume();
  await once(response, 'end');
  child.kill('SIGTERM');
  assert.equal(await ended(child), 0, child.output);
  agent.destroy();
});

describe('shutting down', () => {
  async function withOpenRequest(body) {
    const server = createServer();
    let release;
    const [handler] = server.listeners('request');
    server.removeAllListeners('request');
    server.on('request', (request, response) => {
      release = () => handler(request, response);
      server.emit('held');
    });
    server.listen(0);
    await once(server, 'listening');
    const request = http.get({ port: server.address().port, path: '/health' });
    await once(server, 'held');
    await body(server, request, () => release());
  }

  test('lets a running request finish and closes its connection', async () => {
    await withOpenRequest(async (server, request, release) => {
      const stopped = new Promise((resolve) => shutDown(server, resolve));
      release();
      const [response] = await once(request, 'response');
      assert.equal(response.statusCode, 200);
      assert.equal(response.headers.connection, 'close');
      response.resume();
      assert.equal(await stopped, 0);
    });
  });

  test('cuts off a request that does not end', async () => {
    await withOpenRequest(async (server, request) => {
      request.on('error', () => {});
      assert.equal(await new Promise((resolve) => shutDown(server, resolve, 50)), 1);
    });
  });
});
