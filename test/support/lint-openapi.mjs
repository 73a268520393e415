// Lints the OpenAPI document on its input by Redocly's recommended rules and prints the mistakes as JSON. A process of its own: the
// linter is an ES module, and Jest on Node 20 cannot load one. It reads nothing else, asks no network and reports to nobody.
import { text } from 'node:stream/consumers';
import { createConfig, lintFromString } from '@redocly/openapi-core';

const config = await createConfig({ extends: ['recommended'], telemetry: 'off' });
const problems = await lintFromString({ source: await text(process.stdin), absoluteRef: '/openapi.json', config });
const mistakes = problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} (${location[0]?.pointer})`);
process.stdout.write(JSON.stringify(mistakes));
