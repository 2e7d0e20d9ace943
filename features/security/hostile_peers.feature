@security
Feature: Hostile peers
  hearth, the console, ralph and the sink's HTTP door read what RFC 9112 allows and nothing else. A peer costs at most 64 KiB, whoever
  goes beyond a limit is told so and cut off, and everybody else is served at once. In requests `↵` is CR LF, `␊` a bare LF, `⟨a×9⟩` nine a.

  Scenario Outline: What is malformed or too large is refused: <server>
    Given the servers are running
    Then <server> refuses each of these requests, closes, and answers a good one at once:
      | request                                                                                    | status |
      | GET /healthz HTTP/1.1↵↵                                                                    | 400    |
      | GET /healthz HTTP/1.1↵Host: a↵Host: a↵↵                                                    | 400    |
      | GET /healthz HTTP/1.1↵Host: a↵Host: b↵↵                                                    | 400    |
      | GET /healthz HTTP/1.1␊Host: a␊␊                                                            | 400    |
      | GET /healthz HTTP/1.1↵Host: a␊↵                                                            | 400    |
      | GET /healthz HTTP/1.1␍Host: a␍␍                                                            | 400    |
      | GET /healthz HTTP/1.1↵Host: a↵X: 1↵ 2↵↵                                                    | 400    |
      | GET /healthz HTTP/1.1↵Host: a↵X: 1↵␉2↵↵                                                    | 400    |
      | GET /healthz HTTP/1.1↵ Host: a↵↵                                                           | 400    |
      | GET /healthz HTTP/1.1↵Host: a↵X : 1↵↵                                                      | 400    |
      | GET /healthz HTTP/1.1↵Host: a↵: 1↵↵                                                        | 400    |
      | GET /healthz HTTP/1.1↵Host: a↵X↵↵                                                          | 400    |
      | GET /healthz HTTP/1.1↵Host: a↵X: ␀↵↵                                                       | 400    |
      | GET /healthz HTTP/1.1↵Host: a↵X: ␛[2J↵↵                                                    | 400    |
      | GET /healthz HTTP/9.9↵Host: a↵↵                                                            | 400    |
      | GET /healthz HTTP/1.0↵Host: a↵↵                                                            | 400    |
      | GET /healthz↵↵                                                                             | 400    |
      | GET  /healthz HTTP/1.1↵Host: a↵↵                                                           | 400    |
      | G⟨x80⟩T /healthz HTTP/1.1↵Host: a↵↵                                                        | 400    |
      | GET http://a/healthz HTTP/1.1↵Host: a↵↵                                                    | 400    |
      | CONNECT a:1 HTTP/1.1↵Host: a↵↵                                                             | 400    |
      | GET /healthz%0d%0aX:1 HTTP/1.1↵Host: a↵↵                                                   | 400    |
      | GET /healthz?a=%0D%0AX:1 HTTP/1.1↵Host: a↵↵                                                | 400    |
      | GET /healthz%00 HTTP/1.1↵Host: a↵↵                                                         | 400    |
      | GET /healthz%zz HTTP/1.1↵Host: a↵↵                                                         | 400    |
      | GET /healthz%f HTTP/1.1↵Host: a↵↵                                                          | 400    |
      | GET /a/../healthz HTTP/1.1↵Host: a↵↵                                                       | 400    |
      | GET /a/%2e%2e/healthz HTTP/1.1↵Host: a↵↵                                                   | 400    |
      | GET /%2fhealthz HTTP/1.1↵Host: a↵↵                                                         | 400    |
      | GET /%ff HTTP/1.1↵Host: a↵↵                                                                | 400    |
      | ␖␃␁⟨a×200⟩                                                                                 | 400    |
      | PRI * HTTP/2.0↵↵SM↵↵                                                                       | 400    |
      | POST /healthz HTTP/1.1↵Host: a↵Content-Length: 3↵Content-Length: 3↵↵abc                    | 400    |
      | POST /healthz HTTP/1.1↵Host: a↵Content-Length: 3↵Content-Length: 4↵↵abc                    | 400    |
      | POST /healthz HTTP/1.1↵Host: a↵Content-Length: 3, 3↵↵abc                                   | 400    |
      | POST /healthz HTTP/1.1↵Host: a↵Content-Length: +3↵↵abc                                     | 400    |
      | POST /healthz HTTP/1.1↵Host: a↵Content-Length: -1↵↵abc                                     | 400    |
      | POST /healthz HTTP/1.1↵Host: a↵Content-Length: 0x3↵↵abc                                    | 400    |
      | POST /healthz HTTP/1.1↵Host: a↵Content-Length: 99999999999999999999↵↵abc                   | 400    |
      | POST /healthz HTTP/1.1↵Host: a↵Content-Length: 3↵Transfer-Encoding: chunked↵↵0↵↵           | 400    |
      | POST /healthz HTTP/1.1↵Host: a↵Transfer-Encoding: gzip, chunked↵↵0↵↵                       | 400    |
      | POST /healthz HTTP/1.1↵Host: a↵Transfer-Encoding: chunked, chunked↵↵0↵↵                    | 400    |
      | POST /healthz HTTP/1.1↵Host: a↵Transfer-Encoding: chunked↵Transfer-Encoding: chunked↵↵0↵↵  | 400    |
      | POST /healthz HTTP/1.1↵Host: a↵Transfer-Encoding: identity↵↵abc                            | 400    |
      | POST /healthz HTTP/1.1↵Host: a↵Transfer-Encoding: xchunked↵↵0↵↵                            | 400    |
      | POST /healthz HTTP/1.1↵Host: a↵Transfer-Encoding: chunked↵↵zz↵                             | 400    |
      | POST /healthz HTTP/1.1↵Host: a↵Transfer-Encoding: chunked↵↵3↵abcd↵0↵↵                      | 400    |
      | POST /healthz HTTP/1.1↵Host: a↵Transfer-Encoding: chunked↵↵3␊abc␊0␊␊                       | 400    |
      | POST /healthz HTTP/1.1↵Host: a↵Transfer-Encoding: chunked↵↵-1↵abc↵0↵↵                      | 400    |
      | POST /healthz HTTP/1.1↵Host: a↵Transfer-Encoding: chunked↵↵ffffffffffffffffff↵abc          | 400    |
      | POST /healthz HTTP/1.1↵Host: a↵Transfer-Encoding: chunked↵↵1;⟨x×1000⟩↵a↵0↵↵                | 400    |
      | POST /healthz HTTP/1.1↵Host: a↵Transfer-Encoding: chunked↵↵0↵⟨X: 1↵×9000⟩↵                 | 400    |
      | POST /healthz HTTP/1.1↵Host: a↵Content-Encoding: gzip↵Content-Length: 3↵↵abc               | 415    |
      | POST /healthz HTTP/1.1↵Host: a↵Content-Encoding: gzip↵Transfer-Encoding: chunked↵↵0↵↵      | 415    |
      | POST /healthz HTTP/1.1↵Host: a↵Content-Encoding: br↵Content-Length: 2000000↵↵⟨a×2000000⟩   | 415    |
      | POST /healthz HTTP/1.1↵Host: a↵Content-Encoding: identity↵Content-Length: 3↵↵abc           | 415    |
      | POST /healthz HTTP/1.1↵Host: a↵Content-Length: 1048577↵↵                                   | 413    |
      | POST /healthz HTTP/1.1↵Host: a↵Content-Length: 999999999999999999↵↵⟨a×2000000⟩             | 413    |
      | POST /healthz HTTP/1.1↵Host: a↵Transfer-Encoding: chunked↵↵100001↵                         | 413    |
      | POST /healthz HTTP/1.1↵Host: a↵Transfer-Encoding: chunked↵↵100000↵⟨a×1048576⟩↵1↵a↵0↵↵      | 413    |
      | POST /healthz HTTP/1.1↵Host: a↵Transfer-Encoding: chunked↵↵fffffffffffffff↵abc             | 413    |
      | GET /⟨a×17000⟩ HTTP/1.1↵Host: a↵↵                                                          | 431    |
      | GET /healthz HTTP/1.1↵Host: a↵X: ⟨a×17000⟩↵↵                                               | 431    |
      | GET /healthz HTTP/1.1↵Host: a↵⟨a×17000⟩: x↵↵                                               | 431    |
      | GET /healthz HTTP/1.1↵Host: a↵⟨X: 1↵×100⟩↵                                                 | 431    |
      | GET /healthz HTTP/1.1↵Host: a↵⟨X: 1↵×2000000⟩↵                                             | 431    |
      | GET /healthz HTTP/1.1↵Host: a↵X: ⟨a×20000000⟩                                              | 431    |
      | ⟨a×20000000⟩                                                                               | 431    |
      | POST /healthz HTTP/1.1↵Host: a↵Expect: 200-ok↵Content-Length: 3↵↵abc                       | 417    |

    Examples:
      | server          |
      | hearth          |
      | the console     |
      | ralph           |
      | the sink's door |

  Scenario Outline: The limits themselves are kept, and one connection has one answer: <server>
    Given the servers are running
    Then <server> answers "GET /healthz HTTP/1.1↵Host: a↵⟨X: 1↵×99⟩↵" with 200 and takes nothing more from that connection
    And <server> answers "GET /healthz HTTP/1.1↵Host: a↵X: ⟨a×16300⟩↵↵" with 200 and takes nothing more from that connection
    And <server> answers "POST /healthz HTTP/1.1↵Host: a↵Content-Length: 1048576↵↵⟨a×1048576⟩" with 405 and takes nothing more from that connection
    And <server> answers "POST /healthz HTTP/1.1↵Host: a↵Transfer-Encoding: chunked↵↵100000↵⟨a×1048576⟩↵0↵↵" with 405 and takes nothing more from that connection
    And <server> answers "GET /healthz HTTP/1.1↵Host: a↵↵GET /healthz HTTP/1.1↵Host: a↵↵" with 200 and takes nothing more from that connection
    And <server> answers "POST /healthz HTTP/1.1↵Host: a↵Content-Length: 3↵↵abcGET /healthz HTTP/1.1↵Host: a↵↵" with 405 and takes nothing more from that connection

    Examples:
      | server          |
      | hearth          |
      | the console     |
      | ralph           |
      | the sink's door |

  Scenario: 160 slow peers at every server at once
    Given the servers are running
    When these peers take their time at each server:
      | peers | begin with                                                       | and go on with | are answered |
      | 64    | GET /healthz HTTP/1.1↵Host: a↵X:                                 | a              | 408          |
      | 32    |                                                                  | G              | 408          |
      | 32    | POST /healthz HTTP/1.1↵Host: a↵Content-Length: 100000↵↵⟨a×20000⟩ | a              | 408          |
      | 32    | POST /healthz HTTP/1.1↵Host: a↵Transfer-Encoding: chunked↵↵1↵a↵  | 1↵a↵           | 408          |
    Then each of them is answered so, and its connection closed
    And each server has answered 40 good requests meanwhile, each within 1000 ms
    And no server has grown by more than 64 KiB for each peer and one body of 1 MiB

  Scenario: 64 large bodies that are never finished
    Given the servers are running
    When these peers take their time at each server:
      | peers | begin with                                                                    | and go on with | are answered |
      | 32    | POST /healthz HTTP/1.1↵Host: a↵Content-Length: 1048576↵↵⟨a×1000000⟩           | a              | 408 or 503   |
      | 32    | POST /healthz HTTP/1.1↵Host: a↵Transfer-Encoding: chunked↵↵100000↵⟨a×1000000⟩ | a              | 408 or 503   |
    Then each of them is answered so, and its connection closed
    And each server has answered 40 good requests meanwhile, each within 1000 ms
    And no server has grown by more than 64 KiB for each peer and one body of 1 MiB

  Scenario Outline: More connections than there is room for: <server>
    Given the servers are running
    When 256 peers have begun a request at <server>
    Then <server> answers one more peer 503 and closes
    When these peers leave
    Then <server> answers good requests again

    Examples:
      | server          |
      | hearth          |
      | the console     |
      | ralph           |
      | the sink's door |
