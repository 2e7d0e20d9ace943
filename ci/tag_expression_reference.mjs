// What npm @cucumber/tag-expressions makes of tag expressions: NDJSON of {"tags", "given"} on standard
// input, for each a line {"tree", "selected"} or {"error"} on standard output.
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'

const require = createRequire(new URL('./npm/package.json', import.meta.url))
const parse = require('@cucumber/tag-expressions').default

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const { tags, given } = JSON.parse(line)
  let answer
  try {
    const node = parse(tags)
    answer = { tree: node.toString(), selected: node.evaluate(given) }
  } catch (error) {
    answer = { error: error.message }
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
