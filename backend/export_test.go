package backend

import "context"

// FreePort and StartOn let a test choose the port.
var FreePort = freePort

func StartOn(ctx context.Context, name string, port func() (int, error)) (*Server, error) {
	k, err := kindOf(name)
	if err != nil {
		return nil, err
	}
	return start(ctx, k, port)
}
