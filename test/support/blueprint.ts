/** The wired application without anything behind it: Nest's preview mode makes no provider, so there is no database, no port and no queue. For what is only read off the decorators. */
import 'reflect-metadata';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AppModule } from '../../src/app.module.js';
import { SystemClock } from '../../src/platform/clock.js';
import { loadConfig, withDatabase } from '../../src/platform/config.js';
import { createLog } from '../../src/platform/log.js';

export function drawApp(): Promise<INestApplication> {
  const config = withDatabase(loadConfig({ SECRET_KEY: 'k'.repeat(40) }, __dirname), 'postgres://nobody@127.0.0.1:9/none');
  const rooms = AppModule.forRoot(config, new SystemClock(), createLog('error', 'api'));
  return NestFactory.create(rooms, new FastifyAdapter(), { preview: true, logger: ['error'], abortOnError: false });
}
