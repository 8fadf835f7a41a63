// The container's own health check: exits 0 when the server answers 200 on /health, else 1. It stands in for curl,
// which a minimal image does not have.
'use strict';

const http = require('node:http');
const { portFrom } = require('./server.js');

function fail(reason) {
  console.error(reason);
  process.exit(1);
}

let port;
try {
  port = portFrom(process.env);
} catch (error) {
  fail(error.message);
}
// Below the 5 seconds that ECS gives the command.
const request = http.get({ host: 'localhost', port, path: '/health', timeout: 4_000 }, (response) => {
  response.resume();
  if (response.statusCode === 200) process.exit(0);
  fail(`/health answered ${response.statusCode}.`);
});
request.on('timeout', () => fail('/health did not answer in 4 seconds.'));
request.on('error', (error) => fail(`/health did not answer: ${error.code}.`));
