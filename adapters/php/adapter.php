#!/usr/bin/env php
<?php
// PHP's session handlers as stores that storecheck can check.
//
//     storecheck run 'exec:php adapters/php/adapter.php files'
//     storecheck run 'exec:php adapters/php/adapter.php redis' --backend redis=redis://127.0.0.1:6379
//     storecheck run 'exec:php adapters/php/adapter.php ./mine.php'     # a file that returns a SessionHandlerInterface
//
// Each call is a request of PHP: the handler sees open, read, one of write, updateTimestamp and destroy, and close, in PHP's own order, and holds its
// lock as long as PHP has it hold. A session is one string in $_SESSION, in the text in which it came: PHP's parser would damage numbers and {}.
// An id of characters that handlers do not know is given as its SHA-256. Nothing lists sessions, so all, clear and length are not there.
// A lifetime is session.gc_maxlifetime at the time of the write. The files handler ends nothing by itself.
ini_set('display_errors', 'stderr');
ini_set('memory_limit', '1G');
set_error_handler(function ($kind, $message) { throw new ErrorException($message, 0, $kind); });

$handler = $argv[1] ?? 'files';
foreach (['use_cookies' => 0, 'use_only_cookies' => 0, 'cache_limiter' => '', 'use_strict_mode' => 0, 'gc_probability' => 0, 'lazy_write' => 1,
    'serialize_handler' => 'php_serialize'] as $name => $value) ini_set("session.$name", (string) $value);
$mine = str_ends_with($handler, '.php') ? require realpath($handler) : null;
$mine ? session_set_save_handler($mine, false) : ini_set('session.save_handler', $handler);
$touches = !$mine || $mine instanceof SessionUpdateTimestampHandlerInterface;

// The other request of logout.
if (isset($argv[2])) exit(session_save_path($argv[3]) !== false && session_id($argv[2]) !== false && session_start() && session_destroy() ? 0 : 1);

class Refused extends Exception {}
// members returns the texts of the members of the object that begins at $i. Names have no escapes in this protocol.
function members(string $s, int $i): array {
    $all = [];
    for ($i++; ($i += strspn($s, " \t\r\n,", $i)) < strlen($s) && $s[$i] !== '}';) {
        $end = strpos($s, '"', $i + 1);
        $name = substr($s, $i + 1, $end - $i - 1);
        $from = $end + 1 + strspn($s, " \t\r\n:", $end + 1);
        $i = valueEnd($s, $from);
        $all[$name] = substr($s, $from, $i - $from);
    }
    return $all;
}

function valueEnd(string $s, int $i): int {
    if ($s[$i] !== '"' && $s[$i] !== '{' && $s[$i] !== '[') return $i + strcspn($s, " \t\r\n,}]", $i);
    for ($depth = 0; ; $i++) {
        $i += strcspn($s, '"{}[]', $i);
        if ($s[$i] === '"') {
            for ($i++; $s[$i += strcspn($s, '"\\', $i)] === '\\'; $i += 2);
        } else {
            $depth += $s[$i] === '{' || $s[$i] === '[' ? 1 : -1;
        }
        if ($depth === 0) return $i + 1;
    }
}

// lifetime returns how many seconds a session lives from now. A cookie without an end lives for ten years here.
function lifetime(string $session): int {
    $expires = json_decode(members(members($session, 0)['cookie'], 0)['expires'] ?? 'null');
    if (!$expires || $expires[0] === '+') return 10 * 365 * 86400; // a year beyond 9999
    $left = (float) (new DateTime($expires))->format('U.u') - microtime(true);
    if ($left <= 0) throw new RangeException('PHP has no session that has ended already');
    return max(1, (int) round($left));
}

$stores = [];
function open(array $p): array {
    global $stores, $handler, $touches;
    $path = json_decode($p['dir']);
    if ($handler === 'redis') {
        $url = parse_url(json_decode(members($p['backend'] ?? '{}', 0)['url'] ?? '""'));
        if (empty($url['host'])) throw new Refused('redis needs a server: --backend redis=redis://127.0.0.1:6379', 1);
        $path = "tcp://$url[host]:" . ($url['port'] ?? 6379) . '?prefix=' . urlencode(json_decode($p['namespace']) . ':') .
            (isset($url['pass']) ? '&auth=' . $url['pass'] : '') . (isset($url['path']) ? '&database=' . trim($url['path'], '/') : '');
    }
    $stores[] = $path;
    return ['instance' => (string) count($stores), 'capabilities' => ['touch' => $touches, 'all' => false, 'clear' => false, 'length' => false],
        'surface' => ['emitter' => false, 'extensible' => false, 'generate' => false, 'class' => "session.save_handler=$handler"]];
}

// logout has another request destroy the session of this one, and returns its process, which has ended unless a lock keeps it waiting.
function logout(string $path): mixed {
    $process = proc_open([PHP_BINARY, __FILE__, $GLOBALS['handler'], session_id(), $path], [['file', '/dev/null', 'r'], ['file', '/dev/null', 'w'], STDERR], $pipes);
    for ($i = 0; $i < 100 && proc_get_status($process)['running']; $i++) usleep(10_000);
    return $process;
}

// call makes one call and returns the outcome as JSON.
function call(string $path, array $p): string {
    $method = json_decode($p['method']);
    if (!in_array($method, ['get', 'set', 'destroy', 'touch'])) throw new Refused("the store has no method $method", 3);
    [$began, $value] = [microtime(true), null];
    try {
        if (isset($p['session'])) ini_set('session.gc_maxlifetime', (string) lifetime($p['session']));
        session_save_path($path);
        $id = json_decode($p['id']) ?? $p['id']; // PHP cannot read an id that is no UTF-8: its text stands for it
        session_id(preg_match('/^[A-Za-z0-9,-]{1,128}$/D', $id) ? $id : hash('sha256', $id));
        session_start();
        if ($method === 'get') {
            $value = $_SESSION['text'] ?? null;
            session_abort();
        } elseif ($method === 'destroy') {
            session_destroy();
        } else {
            if ($method === 'set') $_SESSION = ['text' => $p['session']];
            $other = isset($p['form']) ? logout($path) : null;
            session_write_close();
            if ($other) proc_close($other); // a lock kept it waiting until now
        }
    } catch (Refused $refused) {
        throw $refused;
    } catch (Throwable $error) {
        return json_encode(['callbacks' => 1, 'error' => ['name' => get_class($error), 'message' => $error->getMessage()]], JSON_INVALID_UTF8_SUBSTITUTE);
    } finally {
        if (session_status() === PHP_SESSION_ACTIVE) session_abort();
    }
    $outcome = ['callbacks' => 1, 'kind' => $value === null ? 'undefined' : 'object', 'elapsedMs' => (microtime(true) - $began) * 1000];
    return substr(json_encode($outcome), 0, -1) . ($value === null ? '' : ',"value":' . $value) . '}';
}

function answer(string $method, array $p): string {
    global $stores, $handler;
    $instance = json_decode($p['instance'] ?? '0');
    switch ($method) {
        case 'hello':
            if ($p['protocol'] !== '1') throw new Refused('only protocol 1 is spoken', 4);
            $features = ['forms' => true] + array_fill_keys(['callbacks', 'handles', 'expressions', 'express', 'events', 'resources'], false);
            return json_encode(['protocol' => 1, 'name' => 'php-' . basename($handler, '.php'), 'profile' => 'php', 'version' => PHP_VERSION, 'language' => 'php', 'runtime' => 'php ' . PHP_VERSION,
                'features' => $features, 'properties' => ['durable' => true, 'shared' => true, 'granularityMs' => 1000]]);
        case 'open': return json_encode(open($p));
        case 'ping': return '{}';
        case 'events': return '{"events":[]}';
        case 'call': case 'close':
            if (!isset($stores[$instance - 1])) throw new Refused('no such instance is open', 2);
            if ($method === 'call') return call($stores[$instance - 1], $p);
            $stores[$instance - 1] = null;
            return '{}';
    }
    throw new Refused("unknown method $method", -32601);
}

while (($line = fgets(STDIN)) !== false) {
    if (trim($line) === '') continue;
    $request = members($line, strpos($line, '{'));
    try {
        $reply = '"result":' . answer(json_decode($request['method']), members($request['params'], 0));
    } catch (Throwable $error) {
        $code = $error instanceof Refused ? $error->getCode() : -32603;
        $reply = '"error":' . json_encode(['code' => $code, 'message' => $error->getMessage()]);
    }
    fwrite(STDOUT, '{"jsonrpc":"2.0","id":' . $request['id'] . ",$reply}\n"); // no echo: after output PHP changes no setting of sessions
}
