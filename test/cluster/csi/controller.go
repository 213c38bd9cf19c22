// Makes and deletes volumes and snapshots.
package main

import (
	"context"
	"os"
	"syscall"
	"time"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/protobuf/types/known/timestamppb"
)

type controller struct {
	csi.UnimplementedControllerServer
	folders
}

func (controller) ControllerGetCapabilities(context.Context, *csi.ControllerGetCapabilitiesRequest) (*csi.ControllerGetCapabilitiesResponse, error) {
	var all []*csi.ControllerServiceCapability
	for _, each := range []csi.ControllerServiceCapability_RPC_Type{
		csi.ControllerServiceCapability_RPC_CREATE_DELETE_VOLUME,
		csi.ControllerServiceCapability_RPC_CREATE_DELETE_SNAPSHOT,
		csi.ControllerServiceCapability_RPC_LIST_SNAPSHOTS,
		// Claims that only one pod may use.
		csi.ControllerServiceCapability_RPC_SINGLE_NODE_MULTI_WRITER,
	} {
		call := &csi.ControllerServiceCapability_RPC{Type: each}
		all = append(all, &csi.ControllerServiceCapability{Type: &csi.ControllerServiceCapability_Rpc{Rpc: call}})
	}
	return &csi.ControllerGetCapabilitiesResponse{Capabilities: all}, nil
}

func (c controller) CreateVolume(_ context.Context, r *csi.CreateVolumeRequest) (*csi.CreateVolumeResponse, error) {
	volume := idFor("volume", r.Name)
	fill := c.makeEmpty
	if source := r.GetVolumeContentSource().GetSnapshot(); source != nil {
		fill = func(id string) error { return c.copy(source.SnapshotId, id) }
	}
	if err := fill(volume); err != nil {
		return nil, err
	}
	size := r.GetCapacityRange().GetRequiredBytes()
	made := &csi.Volume{VolumeId: volume, CapacityBytes: size, ContentSource: r.VolumeContentSource}
	return &csi.CreateVolumeResponse{Volume: made}, nil
}

func (c controller) DeleteVolume(_ context.Context, r *csi.DeleteVolumeRequest) (*csi.DeleteVolumeResponse, error) {
	return &csi.DeleteVolumeResponse{}, c.remove(r.VolumeId)
}

func (controller) ValidateVolumeCapabilities(_ context.Context, r *csi.ValidateVolumeCapabilitiesRequest) (*csi.ValidateVolumeCapabilitiesResponse, error) {
	confirmed := &csi.ValidateVolumeCapabilitiesResponse_Confirmed{VolumeCapabilities: r.VolumeCapabilities}
	return &csi.ValidateVolumeCapabilitiesResponse{Confirmed: confirmed}, nil
}

// The moment at which its folder got its name. The size is the least that a volume made from it may have; a folder has none.
func snapshotOf(id, source string, folder os.FileInfo) *csi.Snapshot {
	moment := folder.Sys().(*syscall.Stat_t).Ctim
	return &csi.Snapshot{
		SnapshotId:     id,
		SourceVolumeId: source,
		SizeBytes:      1 << 20,
		ReadyToUse:     true,
		CreationTime:   timestamppb.New(time.Unix(moment.Unix())),
	}
}

func (c controller) CreateSnapshot(_ context.Context, r *csi.CreateSnapshotRequest) (*csi.CreateSnapshotResponse, error) {
	snapshot := idFor("snapshot", r.Name)
	if err := c.copy(r.SourceVolumeId, snapshot); err != nil {
		return nil, err
	}
	folder, err := c.find(snapshot)
	if err != nil {
		return nil, err
	}
	return &csi.CreateSnapshotResponse{Snapshot: snapshotOf(snapshot, r.SourceVolumeId, folder)}, nil
}

func (c controller) DeleteSnapshot(_ context.Context, r *csi.DeleteSnapshotRequest) (*csi.DeleteSnapshotResponse, error) {
	return &csi.DeleteSnapshotResponse{}, c.remove(r.SnapshotId)
}

// Only ever asked for one, by its id.
func (c controller) ListSnapshots(_ context.Context, r *csi.ListSnapshotsRequest) (*csi.ListSnapshotsResponse, error) {
	folder, err := c.find(r.SnapshotId)
	if err != nil {
		return &csi.ListSnapshotsResponse{}, nil
	}
	entry := &csi.ListSnapshotsResponse_Entry{Snapshot: snapshotOf(r.SnapshotId, "", folder)}
	return &csi.ListSnapshotsResponse{Entries: []*csi.ListSnapshotsResponse_Entry{entry}}, nil
}
