<?php
// Ids that differ in case only name one session.
require_once __DIR__ . '/right.php';

return new class extends Right {
    public function read(string $id): string|false { return parent::read(strtolower($id)); }
    public function write(string $id, string $data): bool { return parent::write(strtolower($id), $data); }
    public function updateTimestamp(string $id, string $data): bool { return parent::updateTimestamp(strtolower($id), $data); }
    public function destroy(string $id): bool { return parent::destroy(strtolower($id)); }
};
