// A small web server without dependencies: what the platform runs until your own application takes its place.
'use strict';

const http = require('node:http');
const os = require('node:os');
const { version } = require('./package.json');

// ECS kills a task 30 seconds after SIGTERM (stopTimeout); what has not ended by then is cut off here, with a message.
const SHUTDOWN_MILLISECONDS = 25_000;

/** Returns the server, not yet listening. */
function createServer() {
  const server = http.createServer((request, response) => {
    const path = request.url.split('?', 1)[0];
    // Once the server is closing, a client that would reuse its connection must open one to another task instead.
    if (!server.listening) response.setHeader('connection', 'close');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return send(response, 405, 'text/plain; charset=utf-8', 'Only GET and HEAD are answered.\n');
    }
    if (path === '/health') return send(response, 200, 'application/json', JSON.stringify({ status: 'ok' }));
    if (path === '/') {
      return send(response, 200, 'text/plain; charset=utf-8', `Hello from ${os.hostname()}, version ${version}.\n`);
    }
    return send(response, 404, 'text/plain; charset=utf-8', 'There is nothing here.\n');
  });
  // Longer than the load balancer's idle timeout of 60 seconds: else it may send a request into a connection that
  // this side is closing, and answers 502.
  server.keepAliveTimeout = 65_000;
  server.headersTimeout = 66_000;
  return server;
}

function send(response, status, type, body) {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/** Stops accepting connections, lets running requests finish, then calls back with the exit code. */
function shutDown(server, done, milliseconds = SHUTDOWN_MILLISECONDS) {
  const timer = setTimeout(() => {
    console.error(`Requests still running after ${milliseconds} ms were cut off.`);
    server.closeAllConnections();
    done(1);
  }, milliseconds);
  server.close(() => {
    clearTimeout(timer);
    done(0);
  });
  server.closeIdleConnections();
}

/** Returns the port that PORT names, 8080 without it; throws where it names none. */
function portFrom(environment) {
  const text = environment.PORT ?? '8080';
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new Error(`PORT must be a number from 0 to 65535, not "${text}".`);
  return port;
}

function main() {
  let port;
  try {
    port = portFrom(process.env);
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
  const server = createServer();
  server.on('error', (error) => {
    console.error(`Cannot listen on port ${port}: ${error.code}`);
    process.exit(1);
  });
  server.listen(port, () => console.log(`Listening on port ${server.address().port}.`));
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.once(signal, () => {
      console.log(`${signal}: finishing what runs.`);
      shutDown(server, (code) => process.exit(code));
    });
  }
}

if (require.main === module) main();

module.exports = { createServer, portFrom, shutDown };
