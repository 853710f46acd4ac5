/** A fourth product, as a newcomer would add it: a file and nothing else. Its id begins like the first product's. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { productFile, specsFolder } from '../src/specifications/files.ts';
import { productIds } from '../src/specifications/model.ts';
import type { ProductText } from '../src/specifications/products.ts';

export const id = 'leadconsole';
export const order = productIds.length + 1;

/** With six resources, one of them public, and an id of the account that two of them need. */
export const text = `# LeadConsole: what can be called, with which credentials, and what is answered.
openapi: 3.1.0
info: { title: LeadConsole, version: "1" }
servers:
  - url: https://console.example.com/api
x-order: ${order}
security:
  - apiKey: []

x-sources:
  manual: A manual that does not exist.

components:
  securitySchemes:
    apiKey: { type: http, scheme: basic }
  parameters:
    BoardId:
      name: board_id
      in: path
      required: true
      schema: { type: string, pattern: "^[0-9a-f]{24}$" }
      example: "000000000000000000000000"
      x-variable: LEADCONSOLE_BOARD_ID
      x-value: { is: a board, write: the 24 digits at the end of its address }
  responses:
    AuthenticationFailed: { $ref: authentication-failed.yaml }

paths:
  /boards:
    get:
      summary: List the boards.
      x-source: [manual]
      responses:
        "200": { description: All boards., content: { application/json: { example: [{ name: Board }] } } }
        "401": { $ref: "#/components/responses/AuthenticationFailed" }
    post:
      summary: Create a board.
      x-source: [manual]
      responses:
        "201": { description: The new board., content: { application/json: { example: { name: Board } } } }
        "401": { $ref: "#/components/responses/AuthenticationFailed" }
  /boards/{board_id}:
    parameters:
      - $ref: "#/components/parameters/BoardId"
    get:
      summary: Show a board.
      x-source: [manual]
      responses:
        "200": { description: The board., content: { application/json: { example: { name: Board } } } }
        "401": { $ref: "#/components/responses/AuthenticationFailed" }
    delete:
      summary: Remove a board.
      x-source: [manual]
      responses:
        "200": { description: It was removed., content: { application/json: { example: { removed: 1 } } } }
        "401": { $ref: "#/components/responses/AuthenticationFailed" }
  /alerts:
    get:
      summary: List the alerts.
      x-source: [manual]
      responses:
        "200": { description: All alerts., content: { application/json: { example: [{ name: Alert }] } } }
        "401": { $ref: "#/components/responses/AuthenticationFailed" }
  /version:
    get:
      summary: Show the version.
      x-source: [manual]
      security: []
      responses:
        "200": { description: The version., content: { application/json: { example: { version: 1 } } } }
`;

const nameOf = (product: string): string => `specs/${productFile(product)}`;

/** The files of all products, this one among them. */
export const withFourth = (fourth: Omit<ProductText, 'file'> = { id, text }): readonly ProductText[] => [
  ...productIds.map((each) => ({ id: each, text: readFileSync(join(specsFolder, productFile(each)), 'utf8'), file: nameOf(each) })),
  { ...fourth, file: nameOf(fourth.id) },
];
