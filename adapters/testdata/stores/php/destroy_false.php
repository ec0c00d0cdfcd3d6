<?php
// A destroy of a session that is gone says that it has failed.
require_once __DIR__ . '/right.php';

return new class extends Right {
    public function destroy(string $id): bool { return $this->validateId($id) && parent::destroy($id); }
};
