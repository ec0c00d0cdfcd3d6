package conformance

// expectMissing looks for an id that has no session. A store that answers every missing session with an error is get/missing's to judge:
// for that store an error is what missing means here.
func (t *C) expectMissing(id string) {
	got, err := t.TryGet(id)
	if err != nil && !t.missingFails() {
		t.mustSucceed("get", err)
	}
	t.Expect(got).To(BeMissing())
}

// missesWithError asks for an id that was never set.
func (t *C) missesWithError() bool {
	_, err := t.TryGet(t.ID())
	return err != nil
}
