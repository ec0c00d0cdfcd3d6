<?php
// A right save handler of an unusual make: all sessions are one file, which each call locks and replaces as a whole.
class Right implements SessionHandlerInterface, SessionIdInterface, SessionUpdateTimestampHandlerInterface {
    protected string $file;

    // all calls a function with all sessions, each [data, end], by id, and stores what it leaves of them.
    protected function all(callable $change): mixed {
        $lock = fopen("$this->file.lock", 'c');
        flock($lock, LOCK_EX);
        $was = is_file($this->file) ? unserialize(file_get_contents($this->file)) : [];
        $all = array_filter($was, fn ($one) => $one[1] > microtime(true));
        $answer = $change($all);
        if ($all !== $was) {
            file_put_contents("$this->file.new", serialize($all));
            rename("$this->file.new", $this->file);
        }
        fclose($lock);
        return $answer;
    }

    protected function end(): float { return microtime(true) + (int) ini_get('session.gc_maxlifetime'); }
    public function open(string $path, string $name): bool { $this->file = "$path/all"; return true; }
    public function close(): bool { return true; }
    public function create_sid(): string { return bin2hex(random_bytes(16)); }
    public function validateId(string $id): bool { return $this->all(fn (&$all) => isset($all["=$id"])); }
    public function read(string $id): string|false { return $this->all(fn (&$all) => $all["=$id"][0] ?? ''); }

    public function write(string $id, string $data): bool {
        return $this->all(function (&$all) use ($id, $data) { $all["=$id"] = [$data, $this->end()]; return true; });
    }

    public function updateTimestamp(string $id, string $data): bool {
        return $this->all(function (&$all) use ($id) {
            if (isset($all["=$id"])) $all["=$id"][1] = $this->end();
            return true;
        });
    }

    public function destroy(string $id): bool { return $this->all(function (&$all) use ($id) { unset($all["=$id"]); return true; }); }
    public function gc(int $most): int|false { return $this->all(fn (&$all) => 0); }
}

return new Right();
