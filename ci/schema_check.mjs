// Checks Cucumber Messages against the published JSON Schema: NDJSON on standard input, one envelope
// per line. Prints `schema N/N`; exit 1 at the first invalid envelope or when there is none, 2 when
// the tools are missing.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'

const require = createRequire(new URL('./npm/package.json', import.meta.url))

let validate
try {
  const Ajv = require('ajv/dist/2020').default
  const path = './npm/node_modules/@cucumber/messages/messages.schema.json'
  const file = new URL(path, import.meta.url)
  const ajv = new Ajv({ strict: false, allErrors: false })
  validate = ajv.compile(JSON.parse(readFileSync(file, 'utf8')))
} catch (error) {
  console.error(`schema: ${error.message}\nhint: run ci/setup`)
  process.exit(2)
}

let count = 0
const refuse = (reason) => {
  console.error(`schema: envelope ${count}: ${reason}`)
  console.log(`schema ${count - 1}/${count}`)
  process.exit(1)
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  if (line === '') continue
  count += 1
  let envelope
  try {
    envelope = JSON.parse(line)
  } catch (error) {
    refuse(error.message)
  }
  if (!validate(envelope)) {
    const [{ instancePath, message, params }] = validate.errors
    refuse(`${instancePath || '/'} ${message} ${JSON.stringify(params)}: ${line.slice(0, 200)}`)
  }
  if (Object.keys(envelope).length !== 1) refuse('an envelope has exactly one member')
}
if (count === 0) {
  console.error('schema: no envelope was given')
  process.exit(1)
}
console.log(`schema ${count}/${count}`)
