// Table segment: a saved rule. What it compiles to is never stored.
import { Column, Entity, ForeignKey, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { Workspace } from '../accounts/workspace.entity.js';
import type { Rule, SegmentDocument } from '../domain/segment/rule.js';

@Entity('segment')
@Unique('segment_name_key', ['workspaceId', 'name'])
export class Segment {
  @ForeignKey(() => Workspace, { name: 'segment_workspace_id_fkey' })
  @PrimaryColumn({ type: 'bigint' })
  workspaceId!: string;
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) id!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'text', nullable: true }) description!: string | null;
  @Column({ type: 'text', nullable: true }) folder!: string | null;
  @Column({ type: 'jsonb' }) rule!: SegmentDocument;
  /** Grows with each change of the rule. */
  @Column({ type: 'integer', default: 1 }) version!: number;
  @Column({ type: 'timestamptz', default: () => 'now()' }) createdAt!: Date;
  @Column({ type: 'timestamptz', default: () => 'now()' }) updatedAt!: Date;
  @Column({ type: 'timestamptz', nullable: true }) archivedAt!: Date | null;
}

export function ruleOf(segment: Segment): Rule {
  return segment.rule.rule;
}
