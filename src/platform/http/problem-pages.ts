/** The catalogue of problems, for people and programs: GET /problems and GET /problems/:code, where the `type` of a problem leads. No key needed. */
import type { FastifyInstance } from 'fastify';
import { findProblemType, type ProblemType, problemTypes } from './problem-types.js';

export function mountProblems(fastify: FastifyInstance): void {
  fastify.get('/problems', (request, reply) => {
    if (wantsHtml(request.headers.accept)) return reply.type(html).send(page('Problems', problemTypes));
    return reply.send({ data: problemTypes });
  });
  fastify.get<{ Params: { code: string } }>('/problems/:code', (request, reply) => {
    const type = findProblemType(request.params.code);
    if (!type) return reply.callNotFound();
    if (wantsHtml(request.headers.accept)) return reply.type(html).send(page(type.title, [type]));
    return reply.send(type);
  });
}

const html = 'text/html; charset=utf-8';
const wantsHtml = (accept: string | undefined): boolean => accept?.includes('text/html') ?? false;

/** Our own words only: nothing of the request is in it. */
function page(title: string, types: readonly ProblemType[]): string {
  const sections = types.map(
    ({ code, status, title: heading, meaning, remedy }) =>
      `<h2>${code} <small>${status}</small></h2>\n<p><b>${heading}.</b> ${inHtml(meaning)}</p>\n<p>${inHtml(remedy)}</p>`,
  );
  return `<!doctype html>\n<meta charset="utf-8">\n<title>${title}</title>\n<h1>${title}</h1>\n${sections.join('\n')}\n`;
}

const inHtml = (text: string): string => text.replaceAll(/`([^`]+)`/g, '<code>$1</code>');

/** docs/problems.md. */
export function problemsInMarkdown(): string {
  const rows = problemTypes.map(
    ({ code, status, title, meaning, remedy }) => `| \`${code}\` | ${status} | **${title}.** ${meaning} | ${remedy} |`,
  );
  return `# Problems

Every error of the API is a problem document (RFC 9457) of the type \`application/problem+json\`. Its \`code\` never changes its
meaning; its \`type\` leads to a page of the server with the text below (\`GET /problems/{code}\`, without a key).

| code | status | meaning | what to do |
|---|---|---|---|
${rows.join('\n')}

\`errors\` names wrong fields by JSON pointer (\`?name\` is a query parameter, \`:name\` a path parameter), in long texts with \`line\` and
\`column\`. \`requestId\` is what to quote in a report; it is also in the header \`X-Request-Id\`. A rate-limited answer has the type that
IANA registered for it, \`https://iana.org/assignments/http-problem-types#quota-exceeded\`, and names the \`violated-policies\`.
`;
}
