<?php
// An updateTimestamp makes a session that is gone.
require_once __DIR__ . '/right.php';

return new class extends Right {
    public function updateTimestamp(string $id, string $data): bool { return $this->write($id, $data); }
};
