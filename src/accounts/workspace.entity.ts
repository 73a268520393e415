// Table workspace: one tenant.
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity('workspace')
export class Workspace {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) id!: string;
  @Column({ type: 'text', unique: true }) name!: string;
  @Column({ type: 'text', default: 'US' }) defaultCountry!: string;
  @Column({ type: 'text', default: 'UTC' }) timeZone!: string;
  @Column({ type: 'text', default: 'en' }) locale!: string;
  @Column({ type: 'text', default: 'USD' }) currency!: string;
  @Column({ type: 'boolean', default: false }) isSandboxOnly!: boolean;
  @Column({ type: 'timestamptz', default: () => 'now()' }) createdAt!: Date;
}
