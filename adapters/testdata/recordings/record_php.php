<?php
// The calls that PHP's session module makes on a save handler, as it makes them on one that keeps sessions in files. Each page is a process:
//
//     php record_php.php                       writes all
//     php record_php.php page FOLDER COOKIE PAGE SETTING=VALUE…    is one of the pages
ini_set('display_errors', '0');

// name gives ids names in the order in which they came. They are kept beside the sessions, for the next page.
function name(string $id): string {
    $file = $GLOBALS['folder'] . '/names';
    $names = is_file($file) ? json_decode(file_get_contents($file), true) : [];
    if (!isset($names[$id])) {
        $names[$id] = 'S' . (count($names) + 1);
        file_put_contents($file, json_encode($names));
    }
    return $names[$id];
}

function told(string $call, mixed $answer): mixed {
    echo "  $call", is_string($answer) ? ' → ' . ($answer === '' ? '""' : $answer) : ($answer === false ? ' → false' : ''), "\n";
    return $answer;
}

class Six implements SessionHandlerInterface {
    protected function file(string $id): string { return $GLOBALS['folder'] . '/sess_' . bin2hex($id); }
    function open(string $path, string $name): bool { return told('open', true); }
    function close(): bool { return told('close', true); }
    function read(string $id): string|false { return told('read(' . name($id) . ')', is_file($this->file($id)) ? file_get_contents($this->file($id)) : ''); }
    function write(string $id, string $data): bool { file_put_contents($this->file($id), $data); return told('write(' . name($id) . ", \"$data\")", true); }
    function destroy(string $id): bool { @unlink($this->file($id)); return told('destroy(' . name($id) . ')', true); }
    function gc(int $most): int|false { return told("gc($most)", 0); }
}

class Nine extends Six implements SessionIdInterface, SessionUpdateTimestampHandlerInterface {
    function create_sid(): string { $id = bin2hex(random_bytes(16)); told('create_sid → ' . name($id), true); return $id; }
    function validateId(string $id): bool { return told('validateId(' . name($id) . ')', is_file($this->file($id))); }
    function updateTimestamp(string $id, string $data): bool { return told('updateTimestamp(' . name($id) . ", \"$data\")", true); }
}

$pages = [
    'nothing' => fn () => session_start(),
    'set' => function () { session_start(); $_SESSION['user'] = 'ann'; },
    'change' => function () { session_start(); $_SESSION['n'] = ($_SESSION['n'] ?? 0) + 1; },
    'same' => function () { session_start(); $_SESSION['user'] = 'ann'; },
    'empty' => function () { session_start(); $_SESSION = []; },
    'read_and_close' => fn () => session_start(['read_and_close' => true]),
    'abort' => function () { session_start(); $_SESSION['n'] = 1; session_abort(); },
    'reset' => function () { session_start(); $_SESSION['n'] = 1; session_reset(); },
    'regenerate' => function () { session_start(); session_regenerate_id(); },
    'regenerate, delete the old one' => function () { session_start(); session_regenerate_id(true); },
    'logout' => function () { session_start(); session_destroy(); },
    'gc' => function () { session_start(); session_gc(); },
    'during' => function () { session_start(); $_SESSION['user']; other('logout'); },
    'change, during' => function () { session_start(); $_SESSION['n'] = 1; other('logout'); },
];

// other runs another page of the same visitor while this one is on its way.
function other(string $page): void {
    global $folder, $settings;
    echo "  another page begins\n";
    flush();
    page(session_id(), $page, $settings);
    echo "  another page has ended\n";
}

// page runs a page in a process of its own, and returns the cookie that the visitor has then.
function page(string $cookie, string $page, array $settings, bool $quiet = false): string {
    global $folder;
    $lines = [];
    exec(implode(' ', array_map('escapeshellarg', [PHP_BINARY, '-n', __FILE__, 'page', $folder, $cookie, $page, ...$settings])), $lines);
    $cookie = substr(array_pop($lines), strlen('COOKIE '));
    echo $quiet || !$lines ? '' : implode("\n", $lines) . "\n";
    return $cookie;
}

if (($argv[1] ?? '') === 'page') {
    [, , $folder, $cookie, $page] = $argv;
    $settings = array_slice($argv, 5);
    ob_start(); // after output PHP starts no session
    foreach (['use_cookies' => 0, 'use_only_cookies' => 0, 'cache_limiter' => '', 'gc_probability' => 0, 'gc_maxlifetime' => 60, 'handler' => 'Nine'] as $setting => $value) {
        foreach ($settings as $one) [$name, $given] = explode('=', $one) and $value = $name === $setting ? $given : $value;
        $setting === 'handler' ? session_set_save_handler(new $value, true) : ini_set("session.$setting", (string) $value);
    }
    if (in_array('use_strict_mode=1', $settings)) ini_set('session.use_strict_mode', '1');
    if (in_array('lazy_write=0', $settings)) ini_set('session.lazy_write', '0');
    if ($cookie !== '') session_id($cookie);
    register_shutdown_function(function () {
        register_shutdown_function(function () { echo 'COOKIE ' . session_id() . "\n"; });
    });
    $pages[$page]();
    exit;
}

function situation(string $title, bool $known, string $page, string ...$settings): void {
    global $folder;
    $folder = sys_get_temp_dir() . '/recording-' . getmypid();
    mkdir($folder);
    $cookie = $known ? page('', 'set', $settings, true) : '';
    echo "\n$title\n";
    page($cookie, $page, $settings);
    array_map('unlink', glob("$folder/*"));
    rmdir($folder);
}

situation('new visitor, nothing is done', false, 'nothing');
situation('new visitor, data', false, 'set');
situation('read', true, 'nothing');
situation('changed', true, 'change');
situation('set to what it was', true, 'same');
situation('$_SESSION = []', true, 'empty');
situation('read_and_close', true, 'read_and_close');
situation('session_abort()', true, 'abort');
situation('session_reset()', true, 'reset');
situation('session_regenerate_id()', true, 'regenerate');
situation('login: session_regenerate_id(true)', true, 'regenerate, delete the old one');
situation('logout: session_destroy()', true, 'logout');
situation('session_gc()', true, 'gc');
situation('a page that reads, and a logout while it is on its way', true, 'during');
situation('a page that changes, and a logout while it is on its way', true, 'change, during');
echo "\n# with session.use_strict_mode\n";
situation('new visitor, data', false, 'set', 'use_strict_mode=1');
situation('read', true, 'nothing', 'use_strict_mode=1');
situation('login: session_regenerate_id(true)', true, 'regenerate, delete the old one', 'use_strict_mode=1');
echo "\n# without session.lazy_write\n";
situation('read', true, 'nothing', 'lazy_write=0');
echo "\n# a handler of six methods\n";
situation('read', true, 'nothing', 'handler=Six');
situation('a page that reads, and a logout while it is on its way', true, 'during', 'handler=Six');
