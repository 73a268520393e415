// Table api_key: what a caller's bearer key may do in one workspace. The key itself is never stored, only its hash.
import { Check, Column, Entity, ForeignKey, PrimaryGeneratedColumn } from 'typeorm';
import type { Scope } from './scopes.js';
import { Workspace } from './workspace.entity.js';

@Entity('api_key')
@Check('api_key_requests_per_minute_check', 'requests_per_minute > 0')
export class ApiKey {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) id!: string;
  @ForeignKey(() => Workspace, { name: 'api_key_workspace_id_fkey' })
  @Column({ type: 'bigint' })
  workspaceId!: string;
  @Column({ type: 'text' }) name!: string;
  /** First characters of the key, to tell keys apart in a list. */
  @Column({ type: 'text' }) prefix!: string;
  @Column({ type: 'bytea', unique: true }) hash!: Buffer;
  @Column({ type: 'text', array: true }) scopes!: Scope[];
  @Column({ type: 'timestamptz', default: () => 'now()' }) createdAt!: Date;
  @Column({ type: 'timestamptz', nullable: true }) lastUsedAt!: Date | null;
  @Column({ type: 'timestamptz', nullable: true }) revokedAt!: Date | null;
  /** null: REQUESTS_PER_MINUTE. */
  @Column({ type: 'integer', nullable: true }) requestsPerMinute!: number | null;
}
