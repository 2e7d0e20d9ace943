// Checks Cucumber Messages against the published JSON Schema: NDJSON on standard input, one envelope
// per line. Prints `schema N/N` and on standard error the first invalid ones; exit 1 when there is one
// or no envelope at all, 2 when the tools are missing.
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

const shown = 10
let count = 0
let valid = 0

const fault = (line) => {
  let envelope
  try {
    envelope = JSON.parse(line)
  } catch (error) {
    return error.message
  }
  if (!validate(envelope)) {
    const [{ instancePath, message, params }] = validate.errors
    return `${instancePath || '/'} ${message} ${JSON.stringify(params)}: ${line.slice(0, 200)}`
  }
  return Object.keys(envelope).length === 1 ? undefined : 'an envelope has exactly one member'
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  if (line === '') continue
  count += 1
  const reason = fault(line)
  if (reason === undefined) valid += 1
  else if (count - valid <= shown) console.error(`schema: envelope ${count}: ${reason}`)
}
if (count === 0) console.error('schema: no envelope was given')
console.log(`schema ${valid}/${count}`)
process.exit(count > 0 && valid === count ? 0 : 1)
