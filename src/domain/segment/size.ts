/** How large a rule may be; walked without recursion, because this is what guards the code that recurses. */
import { z } from 'zod';

/** Groups inside groups. */
export const maxDepth = 8;
/** Groups and leaves together. */
const maxNodes = 200;

type Visit = { value: unknown; path: (string | number)[]; depth: number };

/** Passes the value on untouched, or reports where it is too deep or that it is too large. */
export function checkSize(value: unknown, context: z.RefinementCtx): unknown {
  const queue: Visit[] = [{ value, path: [], depth: 1 }];
  for (const { value: node, path, depth } of queue) {
    const children = childrenOf(node);
    if (children.length > 0 && depth > maxDepth) return refuse(context, path, `Groups may be nested at most ${maxDepth} deep`);
    if (queue.length + children.length > maxNodes) return refuse(context, path, `A rule has at most ${maxNodes} parts`);
    queue.push(...children.map((child, index) => ({ value: child, path: [...path, 'rules', index], depth: depth + 1 })));
  }
  return value;
}

function childrenOf(node: unknown): unknown[] {
  const rules = (node as { rules?: unknown } | null)?.rules;
  return Array.isArray(rules) ? rules : [];
}

function refuse(context: z.RefinementCtx, path: (string | number)[], message: string): unknown {
  context.addIssue({ code: 'custom', path, message });
  return z.NEVER;
}
