/** The problem answers of an operation: which ones can come follows from what it reads. Their shapes stand once, in the components. */
import { problemPath, type ProblemCode, problemType, type ProblemType, problemTypes } from './problem-types.js';

type Facts = {
  isOpen: boolean;
  hasBody: boolean;
  hasParameters: boolean;
  hasId: boolean;
  isWrite: boolean;
  isIdempotent: boolean;
};

const problemContent = (code: ProblemCode) => ({
  'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, example: problemExample(code) },
});

/** Who follows the document never meets the others. */
const isAnswer = ({ code }: ProblemType): boolean => code !== 'method-not-allowed';

/** For `components.responses`. */
export function problemResponses(): Record<string, object> {
  return Object.fromEntries(
    problemTypes
      .filter(isAnswer)
      .map(({ code, title, meaning }) => [
        `problem-${code}`,
        { description: `${title}. ${meaning}`, content: problemContent(code) },
      ]),
  );
}

/** For `responses` of one operation; what is not named can come all the same, as `default`. */
export function problemsOf(facts: Facts): Record<string, { $ref: string }> {
  const codes: [ProblemCode, boolean][] = [
    ['malformed', facts.hasBody || facts.isIdempotent],
    ['unauthorized', !facts.isOpen],
    ['forbidden', !facts.isOpen],
    ['not-found', facts.hasId],
    ['conflict', facts.isIdempotent || (facts.isWrite && facts.hasId)],
    ['too-large', facts.hasBody],
    ['unsupported-media-type', facts.hasBody],
    ['invalid', facts.hasBody || facts.hasParameters],
    ['rate-limited', !facts.isOpen],
    ['unavailable', true],
  ];
  const listed = codes.filter(([, can]) => can).map(([code]) => [String(problemType(code).status), refTo(code)] as const);
  return { ...Object.fromEntries(listed), default: refTo('internal') };
}

const refTo = (code: ProblemCode) => ({ $ref: `#/components/responses/problem-${code}` });

function problemExample(code: ProblemCode): object {
  const { status, title, meaning } = problemType(code);
  const errors = code === 'invalid' ? { errors: [{ pointer: '/name', message: 'Must be at least 1 character' }] } : {};
  const instance = '/v1/contacts/42';
  return { type: problemPath(code), title, status, code, detail: meaning, instance, requestId: '8a1c', ...errors };
}
