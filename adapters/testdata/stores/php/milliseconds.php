<?php
// The lifetime is read as milliseconds.
require_once __DIR__ . '/right.php';

return new class extends Right {
    protected function end(): float { return microtime(true) + (int) ini_get("session.gc_maxlifetime") / 1000; }
};
