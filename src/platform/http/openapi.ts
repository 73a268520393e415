/** The OpenAPI document, made from the same zod schemas that validate, and its page at /docs. */
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { tags } from '../../contract/tags.js';
import { furnish } from './openapi-furnish.js';
import { operationIdOf, routesOf } from './routes.js';

const description = `Targeted SMS and email campaigns. Every call needs an API key: \`Authorization: Bearer …\`. Ids are decimal strings, instants \
RFC 3339, phones E.164. Lists are paged: \`next\` of a page is \`after\` of the next one. Errors are RFC 9457 problem documents with a \
stable \`code\` and JSON pointers in \`errors\`; the \`type\` of one leads to its page. Every example here is executed by the tests.`;

export function openApiDocument(app: INestApplication): OpenAPIObject {
  const about = new DocumentBuilder()
    .setTitle('Muster')
    .setDescription(description)
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/', 'The server that shows this document')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key; its scopes say what it may do.' });
  for (const [name, text] of Object.entries(tags)) about.addTag(name, text);
  const document = SwaggerModule.createDocument(app, about.build(), { operationIdFactory: operationIdOf });
  return furnish(document, routesOf(app));
}

export function mountDocs(app: INestApplication): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'docs/openapi.json',
    yamlDocumentUrl: 'docs/openapi.yaml',
  });
}
