/** Frameworks for every room: settings, clock, logs, database, queue, signing. The only global module. */
import { type DynamicModule, Global, Module, type Provider } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Addresses } from './addresses.js';
import { Clock } from './clock.js';
import { Config } from './config.js';
import { Database } from './database/database.js';
import { BoundedReads } from './database/bounded-reads.js';
import { HeavyReads } from './database/heavy-reads.js';
import { FreshenStatistics, Statistics } from './database/statistics.js';
import { SnakeCaseNaming } from './database/naming.js';
import { JobHost } from './jobs/job-host.js';
import { Jobs } from './jobs/jobs.service.js';
import { QueueConnection, queueConnection } from './jobs/queue-connection.js';
import { Sweeper } from './jobs/sweeper.js';
import { WorkerIdentity } from './jobs/worker-identity.js';
import { type Log, Logs } from './log.js';
import { MeasurePool } from './database/measure-pool.js';
import { MeasureQueues } from './jobs/measure-queues.js';
import { Measurements } from './measures.js';
import { Signing } from './signing.js';

const shared = [
  Config,
  Addresses,
  BoundedReads,
  Clock,
  Logs,
  Database,
  HeavyReads,
  Jobs,
  Measurements,
  QueueConnection,
  Signing,
  Statistics,
  WorkerIdentity,
];

@Global()
@Module({})
export class PlatformModule {
  static forRoot(config: Config, clock: Clock, log: Log): DynamicModule {
    const providers: Provider[] = [
      { provide: Config, useValue: config },
      Addresses,
      BoundedReads,
      { provide: Clock, useValue: clock },
      { provide: Logs, useValue: { log } },
      { provide: QueueConnection, useFactory: () => ({ options: queueConnection(config) }) },
      Database,
      HeavyReads,
      Jobs,
      Measurements,
      MeasurePool,
      MeasureQueues,
      Signing,
      Statistics,
      WorkerIdentity,
    ];
    const workers = config.role === 'api' ? [] : [JobHost, Sweeper, FreshenStatistics];
    return {
      module: PlatformModule,
      imports: [DiscoveryModule, typeOrm(config)],
      providers: [...providers, ...workers],
      exports: [...shared, ...workers],
    };
  }
}

function typeOrm(config: Config): DynamicModule {
  return TypeOrmModule.forRoot({
    type: 'postgres',
    url: config.databaseUrl,
    autoLoadEntities: true,
    synchronize: false,
    namingStrategy: new SnakeCaseNaming(),
    poolSize: config.databasePool,
    applicationName: `muster-${config.role}`,
    retryAttempts: 3,
    // An idle connection that breaks (the database restarted) is replaced by the pool at the next query.
    poolErrorHandler: () => undefined,
    extra: { keepAlive: true },
  });
}
