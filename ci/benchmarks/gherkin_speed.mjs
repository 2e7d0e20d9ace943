// How fast npm @cucumber/gherkin parses a folder's feature files and compiles their pickles, in its
// best form: one process that is warm, its own parser and compiler, no envelopes.
//   node gherkin_speed.mjs DIR SECONDS   prints {"version", "megabytes", "pickles", "best", "median"},
//   the last two in MB/s over windows of at least a second of whole rounds, so that collecting garbage
//   counts
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const require = createRequire(new URL('../npm/package.json', import.meta.url))
const load = (name) => import(pathToFileURL(require.resolve(name)))
const { AstBuilder, GherkinClassicTokenMatcher, Parser, compile } = await load('@cucumber/gherkin')
const { IdGenerator } = await load('@cucumber/messages')

const [, , folder, seconds] = process.argv
const texts = readdirSync(folder, { recursive: true })
  .filter((name) => name.endsWith('.feature'))
  .map((name) => readFileSync(join(folder, name)))
const bytes = texts.reduce((sum, text) => sum + text.length, 0)

let pickles = 0
const round = () => {
  pickles = 0
  for (const bytesOfFile of texts) {
    const newId = IdGenerator.incrementing()
    const parser = new Parser(new AstBuilder(newId), new GherkinClassicTokenMatcher())
    const document = parser.parse(bytesOfFile.toString('utf8'))
    pickles += compile(document, 'a.feature', newId).length
  }
}

// the first third warms the compiler up and is not counted
const now = () => Number(process.hrtime.bigint()) / 1e9
const window = () => {
  const from = now()
  let rounds = 0
  for (; now() - from < 1; rounds += 1) round()
  return (rounds * bytes) / 1e6 / (now() - from)
}
const rates = []
const begin = now()
while (now() - begin < Number(seconds) / 3) round()
while (now() - begin < Number(seconds) || rates.length < 3) rates.push(window())
rates.sort((a, b) => a - b)
const version = require('@cucumber/gherkin/package.json').version
const rate = (at) => Math.round(rates[at] * 100) / 100
console.log(
  JSON.stringify({
    version,
    megabytes: bytes / 1e6,
    pickles,
    best: rate(rates.length - 1),
    median: rate(Math.floor(rates.length / 2)),
  }),
)
