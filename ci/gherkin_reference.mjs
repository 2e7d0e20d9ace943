// What npm @cucumber/gherkin makes of feature files: NDJSON of {"uri", "text"} on standard input, for
// each a line with the array of its envelopes on standard output. Ids start at 0 in every file.
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

const require = createRequire(new URL('./npm/package.json', import.meta.url))
const load = (name) => import(pathToFileURL(require.resolve(name)))
const { generateMessages } = await load('@cucumber/gherkin')
const { IdGenerator, SourceMediaType } = await load('@cucumber/messages')

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const { uri, text } = JSON.parse(line)
  const mediaType = uri.endsWith('.md')
    ? SourceMediaType.TEXT_X_CUCUMBER_GHERKIN_MARKDOWN
    : SourceMediaType.TEXT_X_CUCUMBER_GHERKIN_PLAIN
  const envelopes = generateMessages(text, uri, mediaType, {
    defaultDialect: 'en',
    includeSource: true,
    includeGherkinDocument: true,
    includePickles: true,
    newId: IdGenerator.incrementing(),
  })
  process.stdout.write(`${JSON.stringify(envelopes)}\n`)
}
