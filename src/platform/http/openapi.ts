/** The OpenAPI document, made from the same zod schemas that validate, and its page at /docs. */
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

export function openApiDocument(app: INestApplication): OpenAPIObject {
  const about = new DocumentBuilder()
    .setTitle('Muster')
    .setDescription(
      'Targeted SMS and email campaigns. Every call needs an API key: `Authorization: Bearer …`. Ids are decimal strings, ' +
        'instants RFC 3339, phones E.164. Errors are RFC 9457 problem documents with a stable `code` and JSON pointers in `errors`.',
    )
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer' })
    .build();
  return SwaggerModule.createDocument(app, about, {
    operationIdFactory: (controller, method) => `${controller.replace('Controller', '').toLowerCase()}_${method}`,
  });
}

export function mountDocs(app: INestApplication): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'docs/openapi.json',
    yamlDocumentUrl: 'docs/openapi.yaml',
  });
}
